// Reads {"grammar": path, "texts": [text, …]} on stdin, runs the grammar in VS Code's engine, and writes for each
// text its tokens: [line, first column, end column, [scopes]], lines and columns from 1.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

// The packages lie in the folder in which this is started.
const require = createRequire(path.join(process.cwd(), "package.json"));
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const request = JSON.parse(readFileSync(0, "utf-8"));
await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => textmate.parseRawGrammar(readFileSync(request.grammar, "utf-8"), request.grammar),
});
const grammar = await registry.loadGrammar("source.flash");

const result = request.texts.map((text) => {
  const tokens = [];
  let state = textmate.INITIAL;
  text.split("\n").forEach((line, index) => {
    const found = grammar.tokenizeLine(line, state);
    if (found.stoppedEarly) throw new Error(`line ${index + 1} took too long`);
    for (const t of found.tokens) tokens.push([index + 1, t.startIndex + 1, t.endIndex + 1, t.scopes.slice(1)]);
    state = found.ruleStack;
  });
  return tokens;
});
process.stdout.write(JSON.stringify(result));
