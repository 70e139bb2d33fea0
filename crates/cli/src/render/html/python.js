"use strict";

// Which characters of a line of Python are to have which colour. It looks at one line at a time, and is told
// in which string the line begins; a wrong guess costs a colour.

const Python = (() => {
  const KEYWORDS = new Set(
    ("False None True and as assert async await break class continue def del elif else except finally for from " +
      "global if import in is lambda nonlocal not or pass raise return try while with yield").split(" "),
  );
  const BUILTINS = new Set(
    ("abs all any bool bytes callable dict enumerate filter float frozenset getattr hasattr hash id int isinstance " +
      "issubclass iter len list map max min next object open print property range repr reversed round self set " +
      "setattr sorted str sum super tuple type zip cls BaseException Exception").split(" "),
  );
  const TOKEN =
    /(?<comment>#.*)|(?<quotes>(?:[rbuft]|br|rb|fr|rf|tr|rt)?(?:"""|'''|"|'))|(?<decorator>(?<=^\s*)@[\w.]+)|(?<number>\b\d[\w.]*)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|[^]/giuy;

  /** Where the string that `quotes` opened before `from` ends; none where it goes on with the next line. */
  function endOfString(text, from, quotes) {
    for (let at = from; at < text.length; at += 1) {
      if (text[at] === "\\") at += 1;
      else if (text.startsWith(quotes, at)) return at + quotes.length;
    }
    return null;
  }

  function kindOfWord(word, previous) {
    if (KEYWORDS.has(word)) return "keyword";
    if (previous === "def" || previous === "class") return "name";
    return BUILTINS.has(word) ? "builtin" : null;
  }

  /**
   * The coloured ranges of `text`, a line that begins in the string whose quotes are `opens`, or in none; and
   * the quotes of the string in which the next line begins.
   */
  function colours(text, opens) {
    const ranges = [];
    let at = 0;
    let previous = null;
    const string = (start, from, quotes) => {
      const end = endOfString(text, from, quotes);
      ranges.push([start, end ?? text.length, "string"]);
      at = end ?? text.length;
      // A string with one quote ends with its line at the latest.
      return end === null && quotes.length === 3 ? quotes : null;
    };
    let next = opens ? string(0, 0, opens) : null;
    while (at < text.length) {
      TOKEN.lastIndex = at;
      const { 0: token, groups } = TOKEN.exec(text);
      if (groups.quotes) {
        const quotes = groups.quotes.replace(/^[a-z]+/i, "");
        next = string(at, at + token.length, quotes);
        previous = null;
        continue;
      }
      const kind = groups.word
        ? kindOfWord(token, previous)
        : ["comment", "decorator", "number"].find((it) => groups[it]);
      if (kind) ranges.push([at, at + token.length, kind]);
      if (token.trim()) previous = token;
      at += token.length;
    }
    return { ranges, next };
  }

  return { colours };
})();
