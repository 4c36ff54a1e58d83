// What the simplest call does without: failures, promises, reads of key value stores.
const { errorText } = use('tools');
const failure = (error) => {
  const isError = error instanceof Error;
  const message = isError ? errorText(error) : use('inspect').shown(error);
  return { status: 'failed', message, stack: isError && typeof error.stack === 'string' ? error.stack : '' };
};
const waiting = () => writeJSON(reads.map((read) => read.request));
const answer = (answers) => {
  const answered = reads.splice(0, answers.length);
  answers.forEach((given, index) => {
    if ('error' in given) answered[index].reject(new Error(given.error));
    else answered[index].resolve(given.value);
  });
};
({ failure, waiting, answer });
