// console.log is all of the console, and takes one value.
({ console: hide({}, 'log', { log(value) { logs.push(arguments.length ? use('inspect').shown(value) : ''); } }.log) });
