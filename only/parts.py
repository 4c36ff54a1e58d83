"""What belongs to which function, and what belongs to the starter alone. All of it once; everything else stays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A function at the edge and what is there for its sake.

    What two parts hold stays as long as one of them does. What is named for a package (`only.files.NAMED`) is its own
    without being listed.
    """

    does: str
    """What the README says."""
    packages: tuple[str, ...]
    """Folders of src/, the function's own first."""
    files: tuple[str, ...] = ()
    """Files and folders that are not named for a package."""
    names: tuple[str, ...] = ()
    """What has a name of its own in template.yaml: parameters, conditions, resources and outputs."""
    functions: tuple[str, ...] = ()
    """Logical ids of the functions among them, that at the edge first."""
    origins: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Path patterns of behaviors."""
    targets: tuple[str, ...] = ()
    """Of the Makefile."""
    commands: tuple[str, ...] = ()
    """Of `python -m stack`."""
    lines: tuple[tuple[str, str], ...] = ()
    """Lines of other files, by a word that they hold."""
    to_think_of: str = ""
    """Once it is what was kept."""
    missed: str = ""
    """Once it is gone."""


PARTS = {
    "authorizer": Part(
        does="HTTP basic authentication against a DynamoDB table, at viewer-request, configured by its own IAM role.",
        packages=("authorizer",),
        functions=("AuthorizerFunction",),
        names=("UsersTable", "UsersTableName", "AuthorizerRole"),
        files=(
            "src/realm.py",
            "stack/commands/users.py",
            "tests/stack/test_users.py",
            "tests/stack/edge/test_users.py",
            "local/aws/demo/user.py",
        ),
        commands=("users",),
        lines=(("samconfig.toml", "AUTHORIZER_REALM"),),
        to_think_of="Users: on this machine demo with the password demo; on AWS, `python -m stack users add NAME`.",
        missed="Nobody is asked for a password: everything is open, and X-Authenticated-User is what the viewer sends.",
    ),
    "signer": Part(
        does="SigV4 for an AWS origin that asks for IAM, at origin-request; here a function URL, that of `src/books`.",
        packages=("signer", "books"),
        functions=("SignerFunction", "BooksFunction"),
        names=("SignerRole", "BooksTable", "BooksUrl"),
        origins=("books",),
        paths=("/api/*",),
        files=("site/books.html", "site/scripts/books.js", "site/scripts/user.js"),
        to_think_of="The books API (src/books, its table, site/books.html) is a demonstration: yours is named by the "
        "origin `books`, and what may be called there by SignerRole.",
    ),
    "router": Part(
        does="Asks a lookup API (`src/locator`) where a file lives and sends the request there, at origin-request.",
        packages=("router", "locator"),
        functions=("RouterFunction", "LocatorFunction"),
        names=(
            "FilesTable",
            "FilesTableName",
            *("LookupApi", "LookupStage", "LookupAuthorizer", "LookupRoute", "LookupIntegration", "LookupPermission"),
            *("UserPool", "UserPoolDomain", "LookupResourceServer", "RouterClient", "RouterSecret"),
            *("RouterRole", "RouterRoleArn", "ContentAccess", "HasContentIdentity"),
            *("DefaultBucket", "DefaultBucketPolicy"),
            *("ContentIdentity", "ContentIdentityId", "ContentBucket", "ContentBucketName", "ContentBucketPolicy"),
        ),
        origins=("files",),
        paths=("/files/*",),
        files=(
            "regional.yaml",
            "demo",
            "local/aws/demo/files.py",
            "tests/local/aws/demo/test_files.py",
            "stack/commands/files.py",
            "tests/stack/test_files.py",
            "stack/commands/regional.py",
            "tests/stack/edge/test_regional.py",
            "site/files.html",
            "site/scripts/files.js",
        ),
        targets=("deploy-region",),
        commands=("files", "deploy-region"),
        to_think_of="The lookup API (src/locator, its table and user pool) and demo/files are a demonstration: the "
        "origin custom headers x-router-* name yours.",
    ),
    "redirect": Part(
        does="Answers a form with a redirect, at viewer-request, with no way to send anybody elsewhere.",
        packages=("redirect",),
        functions=("RedirectFunction",),
        names=("LogsOnlyRole",),
        paths=("/demo/*",),
        files=("site/demo", "site/scripts/other.js"),
        to_think_of="The form and where it leads are a demonstration: see src/redirect/handler.py and site/demo.",
    ),
    "security_headers": Part(
        does="Content-Security-Policy and the other security headers, at origin-response.",
        packages=("security_headers",),
        functions=("SecurityHeadersFunction",),
        names=("LogsOnlyRole",),
        to_think_of="Pages may connect to https://api.github.com: see x-security-headers-connect in template.yaml.",
        missed="No answer has security headers: a response headers policy can set those that never change.",
    ),
}

# What a repository made from this one has no use for: what measures this one, shows it, or makes others from it. An
# entry with an asterisk may be missing.
STARTER = Part(
    does="",
    packages=(),
    files=(
        "benchmarks",
        "tests/benchmarks",
        "docs/images",
        "docs/your-own.md",
        "only",
        "tests/only",
        "tests/end_to_end/browser/test_screenshots.py",
        "tests/end_to_end/test_readme*.py",
    ),
    targets=("bench", "only", "test-fork"),
    lines=(
        (".ci/run", "make test-fork"),
        ("pyproject.toml", '    "fork: '),
        ("pyproject.toml", '    "benchmarks",'),
        ("pyproject.toml", '    "only",'),
        ("pyproject.toml", '"only/'),
    ),
)
