// A trusted folder with a story -> the language server, started as the settings say.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const [command, ...args] = vscode.workspace.getConfiguration("dreamrunner").get("command");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  client = new LanguageClient(
    "dreamrunner",
    "dreamrunner",
    { command, args, options: { cwd: folder } },
    { documentSelector: [{ language: "story" }] },
  );
  try {
    await client.start();
  } catch (problem) {
    const advice = "Install it with: pip install dreamrunner[lsp], or set dreamrunner.command.";
    vscode.window.showErrorMessage(`${command} could not be started: ${problem.message}. ${advice}`);
  }
}

async function restart() {
  await stop();
  await start();
}

async function stop() {
  const running = client;
  client = undefined;
  if (running?.isRunning()) await running.stop();
}

async function activate(context) {
  context.subscriptions.push(vscode.commands.registerCommand("dreamrunner.restart", restart));
  context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(start));
  if (vscode.workspace.isTrusted) await start();
}

module.exports = { activate, deactivate: stop };
