// What the simplest call does without: failures, promises, reads of key value stores.
const { errorText } = use('tools');
const failure = (error) => {
  const isError = error instanceof Error;
  const message = isError ? errorText(error) : use('inspect').shown(error);
  return { status: 'failed', message, stack: isError && typeof error.stack === 'string' ? error.stack : '' };
};
const finish = async (promise) => {
  try {
    returned(await promise);
  } catch (error) {
    failed(error);
  }
};
const waiting = () => writeJSON(reads.map((read) => read.request));
const answer = (answers) => {
  const answered = reads.splice(0, answers.length);
  answers.forEach((given, index) => {
    if ('error' in given) answered[index].reject(new Error(given.error));
    else answered[index].resolve(given.value);
  });
};
const addRawQuery = (request, query) => hide(request, 'rawQueryString', { rawQueryString: () => (query === null ? undefined : query) }.rawQueryString);
({ failure, finish, waiting, answer, addRawQuery });
