const modules = { __proto__: null, crypto: 'crypto', querystring: 'querystring' };
if (modern) modules.buffer = 'buffer';
const require = (name) => {
  if (!(name in modules)) throw new Error(`Cannot find module "${name}"`);
  return use(modules[name]).module;
};
({ require });
