import boto3

stack = boto3.client("cloudformation").describe_stacks(StackName="local")["Stacks"][0]
bucket = next(output["OutputValue"] for output in stack["Outputs"] if output["OutputKey"] == "BucketName")
s3 = boto3.client("s3")
s3.put_object(Bucket=bucket, Key="index.html", Body=b"<app>", ContentType="text/html", CacheControl="no-cache")
s3.put_object(
    Bucket=bucket, Key="app.js", Body=b"run()", ContentType="text/javascript", CacheControl="max-age=31536000"
)
