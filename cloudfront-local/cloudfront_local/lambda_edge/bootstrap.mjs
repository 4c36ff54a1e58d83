// The program inside a Node.js function's sandbox. It behaves towards the function like Lambda's own Node.js runtime
// (aws-lambda-nodejs-runtime-interface-client).
//
// The parent starts it by its path: `node bootstrap.mjs CHANNEL LIFELINE`. bootstrap.py describes these descriptors and
// the messages. Here, a byte on LIFELINE asks for the stack of the main thread.
//
// The function runs in the main thread. A worker thread reads LIFELINE: when the parent ends, even if it was killed,
// the worker kills this process and every process that it started, in the middle of a handler, too.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import Module, { createRequire } from "node:module";
import { Socket } from "node:net";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import util from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

// The kinds of answers.
const [RESULT, ERROR, FATAL] = ["r", "e", "f"];
// The variable whose value no other sandbox has.
const MARK = "AWS_LAMBDA_LOG_STREAM_NAME";
// Statuses with which Lambda's runtime exits after an error that nobody caught.
const [REJECTED, UNCAUGHT] = [128, 129];
// From this version on, Lambda's runtime takes no callback handlers.
const WITHOUT_CALLBACKS = 24;
const NEVER_SETTLED =
  "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise " +
  "that was never settled.";
const NO_CALLBACKS =
  "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify " +
  "this function to use a supported handler signature to use Node.js 24 or later.";
// Says for what the event loop waits: "Timeout, TCPSocketWrap". Its own pipes are standard output and error.
const WAITING = "process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').join(', ')";
// Milliseconds: the longest wait for a second Node.js that says where a syntax error is.
const SYNTAX_CHECK = 5000;
// The longest chain of causes that an error shows.
const CAUSES = 5;

const SELF = fileURLToPath(import.meta.url);
// Lines of a stack that are no matter of the function: frames of Node.js, and this file in a "Require stack".
const RUNTIME = /^ +at .*node:internal\/|^- .*\/bootstrap\.mjs$/;

// ------------------------------------------------------------------------------------------------ under a test

// Leads connections to other hosts to the ports of a test: `tls` is for the port 443, `plain` for the others. TLS trusts
// the certificate in the file `authority`.
function leadConnections({ tls: tlsPort, plain, authority }) {
  const require = createRequire(import.meta.url);
  const [net, tls] = [require("node:net"), require("node:tls")];
  const { connect } = net.Socket.prototype; // http, https, tls and fetch come here.
  net.Socket.prototype.connect = function (...given) {
    const parts = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
    const [options] = parts;
    if (!options.path && !isThisMachine(options.host ?? "localhost")) {
      parts[0] = { ...options, host: "127.0.0.1", port: Number(options.port) === 443 ? tlsPort : plain };
    }
    return connect.call(this, parts);
  };
  const { createSecureContext } = tls;
  const certificate = fs.readFileSync(authority, "utf8");
  tls.createSecureContext = (options) => createSecureContext({ ...options, ca: [options?.ca ?? [], certificate].flat() });
}

function isThisMachine(host) {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

// ----------------------------------------------------------------------------------------------- errors

// An error of the runtime itself: Lambda's type and message. `trace` replaces its stack.
class LambdaError extends Error {
  constructor(name, message, trace = "") {
    super(message);
    this.name = name;
    this.trace = trace;
  }
}

function isError(value) {
  const fields = [value?.name, value?.message, value?.stack];
  return util.types.isNativeError(value) || fields.every((field) => field && typeof field === "string");
}

// The error as JSON: Lambda's type and message, and the stack without the frames of this file and of Node.js.
function described(error) {
  try {
    const [errorType, errorMessage] = isError(error) ? [error.name, error.message] : [typeof error, error];
    return JSON.stringify({ errorType: String(errorType), errorMessage: String(errorMessage), trace: traced(error) });
  } catch {
    return JSON.stringify({ errorType: "handled", errorMessage: "The error has no readable message.", trace: "" });
  }
}

// The text that a person reads: the stack, and those of the causes.
function traced(error, causes = CAUSES) {
  if (error instanceof LambdaError) return error.trace;
  if (!isError(error)) return "";
  const lines = error.stack.split("\n");
  const runtime = lines.findIndex((line) => /^ +at /.test(line) && line.includes(SELF));
  const own = lines.slice(0, runtime < 0 ? undefined : runtime).filter((line) => !RUNTIME.test(line));
  const text = own.join("\n").trimEnd();
  if (error.cause === undefined || !causes) return text;
  return `${text}\nCaused by: ${traced(error.cause, causes - 1) || error.cause}`;
}

// ----------------------------------------------------------------------------------------------- the handler

// Loads the function that `handler` names ("folder/module.function"). Throws LambdaError in Lambda's words.
async function load(handler) {
  if (handler.includes("..")) {
    const advice = "Use absolute paths when specifying root directories in handler names.";
    throw new LambdaError("Runtime.MalformedHandlerName", `'${handler}' is not a valid handler name. ${advice}`);
  }
  const [, module, names] = /^((?:.*\/)?[^./]*)\.([^/]*)$/.exec(handler) ?? [];
  if (names === undefined) throw new LambdaError("Runtime.MalformedHandlerName", "Bad handler");
  const loaded = await loadModule(path.resolve(process.env.LAMBDA_TASK_ROOT, module), module);
  const found = names.split(".").reduce((object, name) => object?.[name], loaded);
  if (!found) throw new LambdaError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") throw new LambdaError("Runtime.HandlerNotFound", `${handler} is not a function`);
  return found;
}

async function loadModule(base, name) {
  const isModule = hasTypeModule(path.dirname(base));
  const found = ["", ".js", ".mjs", ".cjs"].map((extension) => base + extension).find((file) => isFile(file));
  const isImported = found?.endsWith(".mjs") || (found?.endsWith(".js") && isModule);
  try {
    if (isImported) return await import(pathToFileURL(found));
    const require = createRequire(path.join(process.env.LAMBDA_TASK_ROOT, "index.js"));
    return require(found ?? require.resolve(name, { paths: [process.env.LAMBDA_TASK_ROOT] }));
  } catch (error) {
    if (error instanceof SyntaxError) {
      const own = traced(error);
      const trace = !isImported || /^ +at /m.test(own) ? own : syntaxError(found) || own;
      throw new LambdaError("Runtime.UserCodeSyntaxError", String(error), trace);
    }
    if (error?.code !== "MODULE_NOT_FOUND") throw error;
    throw new LambdaError("Runtime.ImportModuleError", String(error).split("\n")[0], traced(error));
  }
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

// Whether the nearest package.json says `"type": "module"`.
function hasTypeModule(folder) {
  const file = path.join(folder, "package.json");
  if (isFile(file)) {
    try {
      return JSON.parse(fs.readFileSync(file, "utf8"))?.type === "module";
    } catch (error) {
      console.warn(`${file} cannot be read: ${error.message}. The function counts as CommonJS.`);
      return false;
    }
  }
  return folder.startsWith(process.env.LAMBDA_TASK_ROOT + path.sep) && hasTypeModule(path.dirname(folder));
}

// Node.js tells the line of a syntax error in an ES module only when it ends because of that error.
function syntaxError(file) {
  const { stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", timeout: SYNTAX_CHECK });
  return /^file:[^]*?\n\w*Error: .*$/m.exec(stderr)?.[0] ?? "";
}

// ----------------------------------------------------------------------------------------------- packages

// Packages beside the artifact's folder and above it are out of sight, as on Lambda.
function hidePackages(root) {
  const nodeModulePaths = Module._nodeModulePaths;
  Module._nodeModulePaths = (from) => nodeModulePaths(from).filter((folder) => folder.startsWith(root + path.sep));
  Module._initPaths(); // It reads NODE_PATH.
  const outside = nodeModulePaths(path.dirname(root)).filter((folder) => fs.existsSync(folder));
  const data = outside.map((folder) => String(pathToFileURL(folder)));
  if (data.length) Module.register?.(import.meta.url, { data }); // The hooks below cost another thread.
}

let hidden = [];

// Hook of Node.js for ES modules.
export function initialize(folders) {
  hidden = folders;
}

// Hook of Node.js for ES modules.
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (!hidden.some((folder) => found.url.startsWith(`${folder}/`))) return found;
  const message = `Cannot find package '${specifier}' imported from ${fileURLToPath(context.parentURL)}`;
  throw Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
}

// ----------------------------------------------------------------------------------------------- requests

class Runtime {
  #channel;
  #messages;
  #handler;
  #asked = false; // whether the parent waits for an answer
  #whenIdle = () => {}; // It runs when the event loop is empty.

  constructor(channel, lifeline) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { lifeline, mark: process.env[MARK] } });
    worker.on("message", () => {});
    worker.unref();
    this.#channel = channel;
    this.#messages = new Socket({ fd: channel, readable: true, writable: false });
    this.#messages.on("error", () => {}); // The parent did not read the last answer.
    this.#messages.on("close", () => worker.ref()); // Without a parent, the worker ends this process.
    this.#read();
    process.on("beforeExit", () => this.#whenIdle());
    process.on("uncaughtException", (error) => this.#crash(error, UNCAUGHT));
    process.on("unhandledRejection", (reason) => this.#crash(unhandled(reason), REJECTED));
  }

  // Takes each message of the parent: a length, and that many bytes.
  #read() {
    let received = [];
    this.#messages.on("data", (data) => {
      received.push(data);
      if (received[0].length < 4) received = [Buffer.concat(received)];
      const length = received.reduce((sum, each) => sum + each.length, -4);
      if (length < 0 || length < received[0].readUInt32BE()) return;
      const message = Buffer.concat(received).toString("utf8", 4);
      received = []; // The parent waits for the answer before it sends the next message.
      this.#take(JSON.parse(message));
    });
  }

  #take(parsed) {
    this.#asked = true;
    this.#messages.unref(); // The event loop ends when the function waits for nothing.
    if (this.#handler) this.#invoke(parsed);
    else this.#initialize(parsed);
  }

  async #initialize({ environment, outbound }) {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, environment);
    hidePackages(environment.LAMBDA_TASK_ROOT);
    if (outbound) leadConnections(outbound);
    try {
      const handler = await load(environment._HANDLER);
      refuseCallback(handler);
      this.#handler = handler;
    } catch (error) {
      this.#answer(ERROR, described(error));
      process.exit(1);
    }
    this.#answer(RESULT, "null");
  }

  #invoke(request) {
    process.env._X_AMZN_TRACE_ID = request.trace_id;
    const fail = (error) => this.#answer(ERROR, described(error));
    const succeed = (result) => {
      let payload;
      try {
        payload = JSON.stringify(result) ?? "null"; // undefined, or a function
      } catch (error) {
        return fail(new LambdaError("Error", "Unable to stringify response body", String(error)));
      }
      this.#answer(RESULT, payload);
    };
    this.#whenIdle = () => fail(new LambdaError("Runtime.NodeJsExit", NEVER_SETTLED));
    const [context, handler] = [contextOf(request), this.#handler];
    if (!takesCallbacks()) {
      new Promise((settle) => settle(handler(request.event, context))).then(succeed, fail);
      return;
    }
    const callback = this.#callbacks(context, succeed, fail);
    if (handler.constructor.name !== "AsyncFunction") this.#whenIdle = () => succeed(null);
    try {
      const result = handler(request.event, context, callback);
      if (typeof result?.then === "function") result.then(context.succeed, context.fail);
    } catch (error) {
      callback(error);
    }
  }

  // Gives the context `succeed`, `fail` and `done`. Returns the callback. Only the first call of any of them counts.
  #callbacks(context, succeed, fail) {
    let called = false;
    const once = (end) => (...values) => {
      if (!called) end(...values);
      called = true;
    };
    const done = (error, result) => (error === undefined || error === null ? succeed(result) : fail(error));
    Object.assign(context, {
      callbackWaitsForEmptyEventLoop: true,
      succeed: once((result) => succeed(result)),
      fail: once((error) => fail(error ?? "handled")),
      done: once(done),
    });
    return once((error, result) => {
      const failed = error !== undefined && error !== null;
      if (failed || !context.callbackWaitsForEmptyEventLoop) done(error, result);
      else this.#whenIdle = () => succeed(result);
    });
  }

  #answer(kind, payload) {
    if (!this.#asked) return;
    this.#asked = false;
    this.#whenIdle = () => {};
    this.#messages.ref();
    const answer = Buffer.from(`0000${kind}${payload}`);
    answer.writeUInt32BE(answer.length - 4);
    write(this.#channel, answer);
  }

  #crash(error, status) {
    if (!this.#asked) console.error(error);
    this.#answer(FATAL, described(error));
    process.exit(status);
  }
}

function unhandled(reason) {
  return new LambdaError("Runtime.UnhandledPromiseRejection", String(reason), traced(reason));
}

function takesCallbacks() {
  return Number.parseInt(process.env.AWS_EXECUTION_ENV.replace("AWS_Lambda_nodejs", ""), 10) < WITHOUT_CALLBACKS;
}

function refuseCallback(handler) {
  if (takesCallbacks() || handler.length < 3) return;
  throw new LambdaError("Runtime.CallbackHandlerDeprecated", NO_CALLBACKS);
}

// Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function information".
function contextOf(request) {
  const { env } = process;
  return {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: request.arn,
    awsRequestId: request.request_id,
    getRemainingTimeInMillis: () => request.deadline_ms - Date.now(),
  };
}

// Writes all of it, although the channel does not block. Without a parent, it waits until the worker ends this process.
function write(channel, data) {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let written = 0; written < data.length; ) {
    try {
      written += fs.writeSync(channel, data, written);
    } catch (error) {
      Atomics.wait(clock, 0, 0, error.code === "EAGAIN" ? 1 : Infinity);
    }
  }
}

// ----------------------------------------------------------------------------------------------- the worker

// Waits until the parent has ended. Then kills this process, and those that it started.
function endWithParent({ lifeline, mark }) {
  const socket = new Socket({ fd: lifeline, readable: true, writable: false });
  socket.on("data", printStack);
  socket.on("close", () => {
    try {
      killMarked(mark);
    } finally {
      process.kill(-process.pid, "SIGKILL"); // The parent made this process the leader of a group of its own.
    }
  });
}

// Kills every other process whose environment has MARK with this value; on Linux only.
function killMarked(mark) {
  for (let round = 0; round < 100; round++) { // A process may have started another one in the meantime.
    const found = marked(`${MARK}=${mark}`);
    if (!found.length) return;
    for (const pid of found) attempt(() => process.kill(pid, "SIGKILL"));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
}

function marked(variable) {
  const pids = (attempt(() => fs.readdirSync("/proc")) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  const has = (pid) => attempt(() => fs.readFileSync(`/proc/${pid}/environ`, "utf8"))?.split("\0").includes(variable);
  return pids.filter((pid) => pid !== process.pid && has(pid));
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined; // another user's process, or one that has just ended
  }
}

// Prints the stack of the main thread as Python's faulthandler does, the innermost frame first. A thread that waits has
// no stack: Node.js knows only for what it waits.
async function printStack() {
  const { Session } = await import("node:inspector");
  const session = new Session();
  const print = (lines) => fs.writeSync(2, ["Stack (most recent call first):\n", ...lines, "  ...\n"].join(""));
  session.connectToMainThread();
  const urls = new Map();
  session.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
  session.once("Debugger.paused", ({ params }) => {
    const frames = params.callFrames.map((frame) => ({ ...frame, url: urls.get(frame.location.scriptId) ?? "" }));
    const own = frames.filter(({ url }) => url && !url.startsWith("node:") && url !== import.meta.url);
    const lines = own.slice(0, 100).map(({ url, functionName, location }) => {
      const file = url.startsWith("file:") ? fileURLToPath(url) : url;
      return `  File "${file}", line ${location.lineNumber + 1} in ${functionName || "<anonymous>"}\n`;
    });
    if (lines.length) return print(lines);
    session.post("Runtime.evaluate", { expression: WAITING }, (_, found) => {
      print([`  Waiting for ${found?.result.value || "a promise"}\n`]);
    });
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
  parentPort.postMessage("pause"); // A thread that waits pauses as soon as it has something to do.
}

if (isMainThread) {
  // Lines are printed at once, in order.
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
  console.fatal = console.error;
  new Runtime(...process.argv.splice(2).map(Number));
} else if (workerData?.lifeline !== undefined) {
  endWithParent(workerData);
}
