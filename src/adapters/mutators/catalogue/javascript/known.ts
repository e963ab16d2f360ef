// What is known of JavaScript's built-in functions and methods: which change nothing, which change their receiver, which return what.

const words = (s: string): ReadonlySet<string> => new Set(s.trim().split(/\s+/));

/** Methods that change neither receiver nor arguments, whatever built-in the receiver is; callbacks are judged apart. */
export const readingMethods = words(`
  at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast findLastIndex flat flatMap forEach get getDate getDay
  getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMinutes getUTCMonth has hasOwnProperty includes indexOf
  isPrototypeOf join keys lastIndexOf localeCompare map match matchAll normalize padEnd padStart reduce reduceRight repeat replace replaceAll
  search slice some split startsWith subarray substr substring toFixed toISOString toLocaleDateString toLocaleString toLocaleTimeString toLowerCase
  toLocaleLowerCase toLocaleUpperCase toPrecision toReversed toSorted toString toUpperCase trim trimEnd trimStart values valueOf with format compare resolvedOptions`);

/** Methods of built-ins that change their receiver and nothing else. */
export const mutatingMethods = words('add clear copyWithin delete fill pop push reverse set shift sort splice unshift');

/** Methods that call their first argument for each element, before they return. */
export const iteratingMethods = words('every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight some');

/** Methods whose result is a part of the receiver, or an element of it. */
export const accessorMethods = words('at find findLast get pop shift values entries filter slice concat flat subarray sort reverse toSorted toReversed');

/** Methods that always return a new array. */
export const arrayMakingMethods = words('concat filter flat flatMap map slice split toSorted toReversed splice');

/** Methods that only strings have. */
export const stringMethods = words(`charAt charCodeAt codePointAt endsWith localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll search split startsWith
  substr substring toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase trim trimEnd trimStart`);

/** Methods that only arrays have (of arrays and strings). */
export const arrayMethods = words(`copyWithin every fill filter find findIndex findLast findLastIndex flat flatMap forEach join map pop push reduce reduceRight reverse shift
  some sort splice unshift toSorted toReversed`);

/** Methods that return strings. */
export const stringMakingMethods = words(`charAt join normalize padEnd padStart repeat replace replaceAll substr substring toFixed toISOString toLocaleDateString toLocaleString toLocaleTimeString
  toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase toPrecision toString trim trimEnd trimStart`);

/** Methods that return numbers. */
export const numberMethods = words('charCodeAt codePointAt indexOf lastIndexOf localeCompare search getTime getFullYear getMonth getDate getDay getHours getMinutes getSeconds push unshift findIndex findLastIndex');

/** `Name.method(…)` of global objects that read only their arguments and are deterministic. */
const staticPure: Readonly<Record<string, ReadonlySet<string>>> = {
  Math: words(`abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow round sign sin sinh
    sqrt tan tanh trunc`),
  Object: words('entries fromEntries hasOwn is keys values getOwnPropertyNames'),
  Array: words('from isArray of'),
  Number: words('isFinite isInteger isNaN isSafeInteger parseFloat parseInt'),
  String: words('fromCharCode fromCodePoint raw'),
  JSON: words('parse stringify'),
  Date: words('UTC parse'),
  BigInt: words('asIntN asUintN'),
};

export const isStaticPure = (object: string, method: string): boolean => Object.hasOwn(staticPure, object) && staticPure[object]?.has(method) === true;

/** Global functions that read only their arguments. */
export const pureFunctions = words('Array BigInt Boolean Number String isFinite isNaN parseFloat parseInt structuredClone encodeURIComponent decodeURIComponent');

/** Global constructors that read only their arguments. */
export const pureConstructors = words(`Array ArrayBuffer BigInt64Array Date Float32Array Float64Array Int16Array Int32Array Int8Array Map RegExp Set Uint16Array Uint32Array
  Uint8Array Uint8ClampedArray Error RangeError TypeError`);

/** Constructors under Intl. */
export const intlConstructors = words('Collator DateTimeFormat ListFormat NumberFormat PluralRules RelativeTimeFormat Segmenter');
