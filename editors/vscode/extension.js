// Starts `flashc lsp` and connects the editor with it; everything else is the server's.

"use strict";

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function activate() {
  const command = workspace.getConfiguration("flashc").get("path", "flashc");
  client = new LanguageClient(
    "flashc",
    "flashc",
    { command, args: ["lsp"] },
    { documentSelector: [{ language: "flash" }] },
  );
  return client.start();
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
