import boto3

stack = boto3.client("cloudformation").describe_stacks(StackName="local")["Stacks"][0]
buckets = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
s3 = boto3.client("s3")
s3.put_object(Bucket=buckets["Primary"], Key="first.txt", Body=b"first")
for key in ("first.txt", "second.txt"):
    s3.put_object(Bucket=buckets["Secondary"], Key=key, Body=b"second")
