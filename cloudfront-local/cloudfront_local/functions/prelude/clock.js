// The clock stands still during a call. The time zone is UTC, whatever the machine's is.
const { search, hideAll } = use('tools');
const fieldNames = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const dates = RealDate.prototype;
for (const name of fieldNames) {
  hide(dates, `get${name}`, dates[`getUTC${name}`]);
  hide(dates, `set${name}`, dates[`setUTC${name}`]);
}
hide(dates, 'getDay', dates.getUTCDay);
hide(dates, 'getTimezoneOffset', { getTimezoneOffset() { return 0; } }.getTimezoneOffset);
const utcText = uncurried(dates.toUTCString), isoTime = uncurried(dates.getTime);
const split = (date) => search(/^(\w+), (\d+) (\w+) (-?\d+) ([\d:]+) GMT$/, utcText(date));
const dayText = (m) => `${m[1]} ${m[3]} ${m[2]} ${m[4]}`;
const timeText = (m) => `${m[5]} GMT+0000 (UTC)`;
const written = (write) => function () { return isoTime(this) !== isoTime(this) ? 'Invalid Date' : write(split(this)); };
const fullText = written((m) => `${dayText(m)} ${timeText(m)}`);
hideAll(dates, { toString: fullText, toDateString: written(dayText), toTimeString: written(timeText), toLocaleString: fullText, toLocaleDateString: written(dayText), toLocaleTimeString: written(timeText) });
// A time without a zone is local time to the engine, so the zone is written behind it.
const parsed = (text) => {
  text = `${text}`;
  const local = search(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/, text);
  if (local) return RealDate.parse(`${text}Z`);
  const zoned = search(/(?:Z|GMT|UTC|[+-]\d\d:?\d\d)/, text) || search(/^[+-]?\d{4,6}(?:-\d\d){0,2}$/, text);
  return RealDate.parse(zoned ? text : `${text} UTC`);
};
const timeOf = (parts) => {
  if (parts.length === 0) return startedAt;
  if (parts.length > 1) return RealDate.UTC(...parts);
  const [value] = parts;
  if (value instanceof RealDate) return isoTime(value);
  return typeof value === 'string' ? parsed(value) : value;
};
const FrozenDate = function Date(...parts) {
  const date = new RealDate(timeOf(parts));
  return new.target ? date : date.toString();
};
FrozenDate.prototype = dates;
define(FrozenDate, 'length', { value: 7 });
hideAll(FrozenDate, { now: { now() { return startedAt; } }.now, parse: { parse: (text) => parsed(text) }.parse, UTC: RealDate.UTC });
hide(dates, 'constructor', FrozenDate);
({ Date: FrozenDate });
