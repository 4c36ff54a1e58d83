// The default import of 'cloudfront'. Reads of key value stores wait in `reads` until the host answers them.
const { hideAll } = use('tools');
const formats = {
  __proto__: null,
  string: (text) => text,
  json: (text) => parseJSON(text),
  bytes: (text) => use('buffer').Buffer.from(text),
};
const read = (store, operation, key) => new Promise((resolve, reject) => {
  reads.push({ request: { store, operation, key }, resolve, reject });
});
const requireKey = (key) => {
  if (typeof key !== 'string') throw new TypeError('The key must be a string');
};
const requireViewerRequest = (name) => {
  if (eventType !== 'viewer-request') throw new Error(`${name} is available at viewer-request only`);
};
const choose = (name, choice) => {
  requireViewerRequest(name);
  origin = choice;
};
const cloudfront = hideAll({}, {
  kvs(id = null) {
    return hideAll({}, {
      async get(key, options) {
        requireKey(key);
        const format = formats[(options && options.format) || 'string'];
        if (!format) throw new TypeError('The format must be "string", "json" or "bytes"');
        return format(await read(id, 'get', key));
      },
      async exists(key) {
        requireKey(key);
        return read(id, 'exists', key);
      },
      async count() { return read(id, 'count', null); },
      async meta() { return read(id, 'meta', null); },
    });
  },
  updateRequestOrigin(parameters) { choose('updateRequestOrigin', { helper: 'updateRequestOrigin', parameters }); },
  selectRequestOriginById(originId, parameters = {}) { choose('selectRequestOriginById', { helper: 'selectRequestOriginById', originId, parameters }); },
  createRequestOriginGroup(parameters) { choose('createRequestOriginGroup', { helper: 'createRequestOriginGroup', parameters }); },
  logCustomData(text) { customLog = `${text}`; },
  cwt: hideAll({}, {
    validateToken() { throw new Error('cloudfront-local does not run cf.cwt.validateToken'); },
    generateToken() { throw new Error('cloudfront-local does not run cf.cwt.generateToken'); },
  }),
});
define(cloudfront, 'edgeLocation', { get: () => edgeLocation });
define(cloudfront, 'distributionTenant', { get() { throw new Error('distributionTenant module is not available'); } });
({ cloudfront });
