import boto3

stack = boto3.client("cloudformation").describe_stacks(StackName="local")["Stacks"][0]
bucket = next(output["OutputValue"] for output in stack["Outputs"] if output["OutputKey"] == "BucketName")
s3 = boto3.client("s3")
for key, body in (("index.html", b"home"), ("docs/index.html", b"docs"), ("error.html", b"sorry")):
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="text/html")
