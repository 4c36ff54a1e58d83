from pathlib import Path

import pytest

from stack.media_types import cache_control, content_type


def write(path: Path, content: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_links(stack, aws, tmp_path):
    """A link within the folder is uploaded as its file. A link that leads out is not, and is named."""
    write(tmp_path / "secret" / "key", "secret")
    write(tmp_path / "site" / "index.html", "<!doctype html>")
    (tmp_path / "site" / "start.html").symlink_to("index.html")
    (tmp_path / "site" / "key").symlink_to(tmp_path / "secret" / "key")
    (tmp_path / "site" / "folder").symlink_to(tmp_path / "secret")
    status, uploaded, errors = stack("site")
    assert (status, uploaded) == (0, "index.html\nstart.html\n")
    assert "Not uploaded: site/key is a link that leads out of site. Copy the file.\n" in errors
    assert len(aws.s3.list_objects_v2(Bucket=aws.bucket)["Contents"]) == 2


def test_site(stack, aws, tmp_path):
    """Every file, except hidden ones, is uploaded under its path with its type and caching."""
    write(tmp_path / "site" / "index.html", "<!doctype html>")
    write(tmp_path / "site" / "pages" / "style.css", "* {}")
    write(tmp_path / "site" / ".DS_Store")
    write(tmp_path / "site" / ".git" / "config")
    assert stack("site") == (
        0,
        "index.html\npages/style.css\n",
        f"The pages of shop are in the bucket {aws.bucket}.\n",
    )
    found = {}
    for item in aws.s3.list_objects_v2(Bucket=aws.bucket)["Contents"]:
        page = aws.s3.get_object(Bucket=aws.bucket, Key=item["Key"])
        found[item["Key"]] = (page["Body"].read(), page["ContentType"], page["CacheControl"])
    assert found == {
        "index.html": (b"<!doctype html>", "text/html; charset=utf-8", "no-cache"),
        "pages/style.css": (b"* {}", "text/css; charset=utf-8", "max-age=300"),
    }


def test_site_again(stack, aws, tmp_path):
    """A changed page is replaced. A page that was removed from the folder stays in the bucket."""
    write(tmp_path / "pages" / "a.html", "first")
    stack("site", "--folder", "pages")
    (tmp_path / "pages" / "a.html").unlink()
    write(tmp_path / "pages" / "b.html", "second")
    assert stack("site", "--folder", "pages").stdout == "b.html\n"
    assert [item["Key"] for item in aws.s3.list_objects_v2(Bucket=aws.bucket)["Contents"]] == ["a.html", "b.html"]


def test_no_folder(stack):
    """The message names a missing folder."""
    assert stack("site", "--folder", "none") == (1, "", "There is no folder none to upload. Check the path.\n")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("INDEX.HTM", "text/html; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("app.mjs", "text/javascript; charset=utf-8"),
        ("data.json", "application/json"),
        ("app.js.map", "application/json"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("logo.svg", "image/svg+xml"),
        ("photo.jpeg", "image/jpeg"),
        ("photo.webp", "image/webp"),
        ("favicon.ico", "image/x-icon"),
        ("inter.woff2", "font/woff2"),
        ("site.webmanifest", "application/manifest+json"),
        ("sitemap.xml", "text/xml; charset=utf-8"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_content_type(name, media_type):
    """A suffix has the same type on every machine."""
    assert content_type(name) == media_type


def test_cache_control():
    """Pages are revalidated each time, other files after five minutes."""
    assert (cache_control("a/index.html"), cache_control("style.css")) == ("no-cache", "max-age=300")
