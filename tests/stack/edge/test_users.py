"""The output of `urls` about users."""


def test_nobody_may_enter(stack):
    """For a new stack, the last step is to add the first user."""
    assert stack("urls").stderr == (
        "The stack has no pages yet. Upload those under site/: python -m stack site\n"
        "Nobody may sign in yet. Add the first user: python -m stack users add NAME\n"
    )


def test_somebody_may(stack, aws):
    """With pages and a user, there is no further step."""
    aws.client("s3").put_object(Bucket=aws.outputs["SiteBucketName"], Key="index.html", Body=b"")
    assert stack("urls").stderr == "Nobody may sign in yet. Add the first user: python -m stack users add NAME\n"
    stack("users", "add", "ada", stdin="secret\n")
    assert stack("urls").stderr == ""
