// What the host calls: (step, text, handler) -> text.
let state = { status: 'waiting' };
const returned = (value) => {
  const result = writeJSON(value);
  state = { status: 'returned', result: result === undefined ? null : result, kind: value === null ? 'null' : typeof value };
};
const failed = (error) => { state = use('outcome').failure(error); };
const call = (handler, { event, rawQuery }) => {
  if (rawQuery !== undefined) use('outcome').addRawQuery(event.request, rawQuery);
  const result = handler(event);
  if (result instanceof Promise) use('outcome').finish(result);
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
  state: () => writeJSON({ ...state, logs, origin, customLog }),
};
const host = (step, text, handler) => steps[step](text, handler);
