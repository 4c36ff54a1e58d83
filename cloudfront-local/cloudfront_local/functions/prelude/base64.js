const { search } = use('tools');
const { bytesOfBase64, base64OfBytes } = use('bytes');
const notEncoded = () => new TypeError('the string to be decoded is not correctly encoded');
({
  // njs gives nothing for text whose padding is left out.
  atob(text) {
    const digits = `${text}`.replace(/[\t\n\f\r ]/g, '');
    if (!search(/^[A-Za-z0-9+/]*={0,2}$/, digits) || digits.length % 4 === 1) throw notEncoded();
    return digits.length % 4 ? '' : String.fromCharCode(...bytesOfBase64(digits));
  },
  btoa(text) {
    const codes = Array.from(`${text}`, (character) => character.codePointAt(0));
    if (codes.some((code) => code > 255)) throw new TypeError('invalid character (>= U+00FF)');
    return base64OfBytes(codes);
  },
});
