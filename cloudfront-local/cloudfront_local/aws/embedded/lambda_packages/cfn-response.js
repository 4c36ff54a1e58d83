// The module `cfn-response`, which Lambda gives to inline Node.js functions of custom resources.
// Source: CloudFormation User Guide, "cfn-response module".
"use strict";

const http = require("node:http");
const https = require("node:https");

exports.SUCCESS = "SUCCESS";
exports.FAILED = "FAILED";

// Tells CloudFormation how the request of a custom resource ended. Prints an error, and never throws one.
exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) =>
  new Promise((resolve) => {
    const body = JSON.stringify({
      Status: responseStatus,
      Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
      PhysicalResourceId: physicalResourceId || context.logStreamName,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      NoEcho: noEcho || false,
      Data: responseData,
    });
    const url = new URL(event.ResponseURL);
    const headers = { "content-type": "", "content-length": Buffer.byteLength(body) };
    const done = () => {
      if (typeof context.done === "function") context.done();
      resolve();
    };
    const request = (url.protocol === "https:" ? https : http).request(url, { method: "PUT", headers }, (response) => {
      console.log(`Status code: ${response.statusCode}`);
      response.resume();
      response.on("end", done);
    });
    request.on("error", (error) => {
      console.log(`send(..) failed executing https.request(..): ${error}`);
      done();
    });
    request.end(body);
  });
