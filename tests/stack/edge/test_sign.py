"""`sign-url` and `sign-cookies`: the same as botocore's signer makes, and errors that say what to do."""

import datetime
import json
import re
import subprocess
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

BASE = "https://d111111abcdef8.cloudfront.net"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())


def private(key, encryption=NoEncryption()) -> str:  # noqa: B008 - it is a constant
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def public(key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_key(key) -> dict:
    config = {"CallerReference": "1", "Name": {"Ref": "AWS::StackName"}, "EncodedKey": public(key)}
    return {"Type": "AWS::CloudFront::PublicKey", "Properties": {"PublicKeyConfig": config}}


@pytest.fixture
def keys(stack, aws, tmp_path):
    """Runs a command on a stack with two public keys. The private key is in the file `key.pem`."""
    template = {
        "Resources": {"Key": public_key(KEY), "Other": public_key(CURVE)},
        "Outputs": {"Url": {"Value": BASE}, "Id": {"Value": {"Ref": "Key"}}},
    }
    name = f"{aws.name}-keys"
    aws.cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    aws.cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0})
    (tmp_path / "key.pem").write_text(private(KEY))

    def run(*arguments, key=("--key", "key.pem")):
        return stack("--stack-name", name, *arguments, *key)

    (output,) = [
        each["OutputValue"]
        for each in aws.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        if each["OutputKey"] == "Id"
    ]
    run.id = output
    return run


def botocore(key_pair_id):
    return CloudFrontSigner(key_pair_id, lambda text: KEY.sign(text, padding.PKCS1v15(), hashes.SHA1()))


def moment(seconds):
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)


def test_url(keys):
    """A path becomes a URL with a canned policy, as botocore signs it."""
    status, stdout, stderr = keys("sign-url", "/private/report.pdf?page=2", "--hours", "2")
    expires = parse_qs(urlsplit(stdout.strip()).query)["Expires"][0]
    assert abs(int(expires) - time.time() - 7200) < 60
    signed = botocore(keys.id).generate_presigned_url(f"{BASE}/private/report.pdf?page=2", moment(expires))
    assert (status, stdout) == (0, f"{signed}\n")
    assert stderr == f"The URL is good until {moment(expires):%Y-%m-%d %H:%M:%S} UTC.\n"


def test_custom_policy(keys):
    """With a star, a beginning or addresses, the policy is a custom one, as botocore makes it."""
    after = "2026-01-01T00:00"
    status, stdout, stderr = keys("sign-url", "/private/*", "--from", after, "--ip", "192.0.2.7/24")
    shown = "The URL is good until %Y-%m-%d %H:%M:%S %z. Put a path in place of the star.\n"
    end = datetime.datetime.strptime(stderr.replace("UTC", "+0000"), shown)  # noqa: DTZ007 - %z is in `shown`
    signer = botocore(keys.id)
    policy = signer.build_policy(
        f"{BASE}/private/*",
        end,
        datetime.datetime.fromisoformat(after + "+00:00"),
        "192.0.2.0/24",
    )
    assert (status, stdout) == (0, signer.generate_presigned_url(f"{BASE}/private/*", policy=policy) + "\n")


def test_cookies(keys):
    """The cookies are one line for the header Cookie, with the values of the URL; or the headers Set-Cookie."""
    status, stdout, stderr = keys("sign-cookies", "https://www.example.org/private/*")
    cookies = dict(each.split("=", 1) for each in stdout.strip().split("; "))
    assert (status, list(cookies)) == (0, ["CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"])
    assert stderr.endswith(", for https://www.example.org/private/*.\n")
    headers = keys("sign-cookies", "/private/a/b.html", "--set-cookie").stdout.splitlines()
    assert [re.sub("=[^;]*", "", header, count=1) for header in headers] == [
        f"Set-Cookie: CloudFront-{name}; Path=/private/a/; HttpOnly; Secure"
        for name in ("Expires", "Signature", "Key-Pair-Id")
    ]


@pytest.mark.parametrize("command", ["sign-url", "sign-cookies"])
def test_star_in_the_middle(keys, command):
    """A policy may have a star anywhere. It is explained what one in the middle stands for."""
    explained = (
        "A star in the middle stands for any characters, slashes too, but for no query string. One at the end does."
    )
    status, _, stderr = keys(command, "/private/*/a.pdf")
    assert (status, stderr.endswith(f" {explained}\n")) == (0, True)
    assert explained not in keys(command, "/private/*").stderr


@pytest.mark.parametrize("kind", ["rsa", "curve"])
def test_keys_and_hashes(keys, tmp_path, kind):
    """The id is that of the stack's public key that belongs to the private key. SHA256 is named in the URL."""
    key = KEY if kind == "rsa" else CURVE
    (tmp_path / "key.pem").write_text(private(key))
    query = parse_qs(urlsplit(keys("sign-url", "/private/a", "--hash", "sha256").stdout.strip()).query)
    assert query["Hash-Algorithm"] == ["SHA256"]
    assert (query["Key-Pair-Id"] == [keys.id]) == (kind == "rsa")
    given = keys("sign-url", "/private/a", "--key-pair-id", "KOTHER").stdout
    assert "Key-Pair-Id=KOTHER" in given


def test_no_key_pair_id(keys, capsys):
    """Text that is no public key's id."""
    with pytest.raises(SystemExit):
        keys("sign-url", "/private/a", "--key-pair-id", "../K")
    assert "argument --key-pair-id: '../K' is no public key's id, such as K2JCJMDEHXQW5F" in capsys.readouterr().err


def test_secret(keys, aws):
    """The private key may be in Secrets Manager."""
    aws.client("secretsmanager").create_secret(Name=f"{aws.name}-key", SecretString=private(KEY))
    assert keys("sign-url", "/private/a", key=("--secret", f"{aws.name}-key")).status == 0
    assert keys("sign-url", "/private/a", key=("--secret", "none")) == (
        1,
        "",
        "There is no secret none in us-east-1. Name it with --secret, or use --key.\n",
    )


def test_openssl_verifies(keys, tmp_path):
    """Another program verifies the signature."""
    query = parse_qs(urlsplit(keys("sign-url", "/private/*").stdout.strip()).query)
    translated = str.maketrans("-_~", "+=/")
    for name in ("Policy", "Signature"):
        encoded = query[name][0].translate(translated).encode()
        decoded = subprocess.run(["openssl", "base64", "-d", "-A"], input=encoded, capture_output=True, check=True)
        (tmp_path / name).write_bytes(decoded.stdout)
    (tmp_path / "public.pem").write_text(public(KEY))
    command = ["openssl", "dgst", "-sha1", "-verify", "public.pem", "-signature", "Signature", "Policy"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout == b"Verified OK\n"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("nonsense", "is no private key in PEM."),
        (public(KEY), "is no private key in PEM, but a public one."),
        (private(KEY, BestAvailableEncryption(b"x")), "is encrypted. Decrypt it first"),
        (
            private(rsa.generate_private_key(public_exponent=65537, key_size=3072)),
            "is neither an RSA key of 2,048 bits",
        ),
        (private(ec.generate_private_key(ec.SECP384R1())), "is neither an RSA key of 2,048 bits nor an ECDSA key"),
        (
            private(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
            "belongs to none of the stack's publi",
        ),
    ],
)
def test_no_key(keys, tmp_path, content, error):
    """A file without a key of the stack's is refused, and never quoted."""
    (tmp_path / "key.pem").write_text(content)
    status, stdout, stderr = keys("sign-url", "/private/a")
    assert (status, stdout) == (1, "")
    assert error in stderr
    assert content[40:80] not in stderr or content == "nonsense"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ("private/a",),
            "'private/a' is neither a path that begins with a slash nor a URL, such as https://example.org/a.",
        ),
        (("/a b",), "'/a b' has ' '. Percent-encode it, as browsers do: the URL is signed as it is sent."),
        (("/ä",), "'/ä' has 'ä'. Percent-encode it, as browsers do: the URL is signed as it is sent."),
        (
            ("/a", "--from", "2999-01-01"),
            "The access would end before it begins. --hours counts from now: give more hours.",
        ),
        (("/a", "--key", "gone.pem"), "The private key cannot be read: No such file or directory: gone.pem."),
    ],
)
def test_mistakes(keys, arguments, error):
    given = ("--key", "key.pem") if "--key" not in arguments else ()
    assert keys("sign-url", *arguments, key=given) == (1, "", f"{error}\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("/a", "--hours", "soon"), "'soon' is no number of hours. Give one such as 1, 0.5 or 48"),
        (("/a", "--hours", "0"), "'0' is no number of hours"),
        (("/a", "--hours", "nan"), "'nan' is no number of hours"),
        (("/a", "--hours", "1e9"), "'1e9' is no number of hours"),
        (("/a", "--from", "later"), "'later' is no time, such as 2026-12-24T18:00"),
        (("/a", "--ip", "::1"), "'::1' is no IPv4 address or range, such as 192.0.2.0/24"),
    ],
)
def test_usage(keys, capsys, arguments, error):
    with pytest.raises(SystemExit):
        keys("sign-url", *arguments)
    assert error in capsys.readouterr().err


def test_no_public_key(stack, tmp_path):
    """A stack without public keys is told what to add."""
    (tmp_path / "key.pem").write_text(private(KEY))
    status, _, stderr = stack("sign-url", "/a", "--key", "key.pem")
    assert status == 1
    assert "has no AWS::CloudFront::PublicKey. Add one, with a key group that the behavior trusts" in stderr


def test_on_this_machine(stack, aws, endpoint, runs_here, tmp_path):
    """For the stack of `make local`, the URL is the local CloudFront's, and its cookies need no HTTPS."""
    (tmp_path / "key.pem").write_text(private(KEY))
    runs_here(endpoint.url, aws.name, aws.distribution)
    options = ("/private/a", "--key", "key.pem", "--key-pair-id", "K1")
    assert stack("--local", "sign-url", *options).stdout.startswith("http://127.0.0.1:8080/private/a?Expires=")
    assert "Secure" not in stack("--local", "sign-cookies", *options, "--set-cookie").stdout
