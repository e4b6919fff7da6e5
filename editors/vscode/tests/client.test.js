// The built client, given an editor that is none -> what it asks of the editor.

const assert = require("node:assert");
const Module = require("node:module");
const test = require("node:test");

// Whatever is asked of it is there, can be called, and can be built upon.
const anything = new Proxy(function () {}, {
  get: (known, name) => {
    if (name === "prototype") return known.prototype;
    return name === Symbol.toPrimitive ? () => "" : anything;
  },
  apply: () => anything,
  construct: () => ({}),
});

function editor({ trusted, registered }) {
  const own = {
    commands: { registerCommand: (name, run) => registered.push([name, run]) },
    workspace: new Proxy({ isTrusted: trusted, onDidGrantWorkspaceTrust: () => {} }, {
      get: (known, name) => (name in known ? known[name] : anything),
    }),
  };
  return new Proxy(own, { get: (known, name) => (name in known ? known[name] : anything) });
}

test("in a folder nobody trusts the client offers its command and starts nothing", async () => {
  const registered = [];
  const load = Module._load;
  Module._load = (name, ...rest) =>
    name === "vscode" ? editor({ trusted: false, registered }) : load(name, ...rest);
  const client = require("../dist/client.js");
  await client.activate({ subscriptions: [] });
  await client.deactivate();
  assert.deepStrictEqual(registered.map(([name]) => name), ["dreamrunner.restart"]);
});
