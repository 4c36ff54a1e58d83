// What the host calls: (step, text, handler) -> text.
// Nothing is made when a call fails: there may be no memory for it.
const failure = { status: 'failed' };
let state = { status: 'waiting' }, thrown;
const returned = (value) => {
  const result = writeJSON(value);
  state = { status: 'returned', result: result === undefined ? null : result, kind: value === null ? 'null' : typeof value };
};
const failed = (error) => {
  state = failure;
  thrown = error;
};
const finish = async (promise) => {
  try {
    returned(await promise);
  } catch (error) {
    failed(error);
  }
};
const call = (handler, { event, rawQuery }) => {
  if (modern) hide(event.request, 'rawQueryString', { rawQueryString: () => (rawQuery === null ? undefined : rawQuery) }.rawQueryString);
  const result = handler(event);
  if (result instanceof Promise) finish(result);
  else returned(result);
};
const steps = {
  __proto__: null,
  begin(text) { ({ now: startedAt, seed: randomSeed, eventType, edgeLocation } = parseJSON(text)); },
  call(text, handler) {
    try {
      call(handler, parseJSON(text));
    } catch (error) {
      failed(error);
    }
  },
  reads: () => (reads.length ? use('outcome').waiting() : ''),
  answer: (text) => use('outcome').answer(parseJSON(text)),
  state: () => writeJSON({ ...(state === failure ? use('outcome').failure(thrown) : state), logs, origin, customLog }),
};
const host = (step, text, handler) => steps[step](text, handler);
