// Small functions that several parts use.
const uncurried = (method) => Function.prototype.call.bind(method);
const search = uncurried(RegExp.prototype.exec);
const hideAll = (object, members) => {
  for (const name in members) hide(object, name, members[name]);
  return object;
};
const errorText = (error) => (error.message ? `${error.name}: ${error.message}` : `${error.name}`);
({ uncurried, search, hideAll, errorText });
