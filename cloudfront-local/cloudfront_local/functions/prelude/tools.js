// Small functions that several parts use.
const search = uncurried(RegExp.prototype.exec);
const hideAll = (object, members) => {
  for (const name in members) hide(object, name, members[name]);
  return object;
};
const errorText = (error) => (error.message ? `${error.name}: ${error.message}` : `${error.name}`);
({ search, hideAll, errorText });
