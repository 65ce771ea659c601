#!/bin/sh
# Shows the product: task tables drafted from the example documents, then a county at work, opened in the browser.
# PORT=8010 chooses another port; SERVE=no stops before the server starts.
set -eu
luoshi="${BIN:?}/luoshi"
out=build/demo
data="$out/data"
mkdir -p "$out"

# The story is told into a folder of its own first, so that an interrupted one never passes for a whole one.
if [ ! -d "$data" ]; then
  "$luoshi" draft --units examples/units.csv --format xlsx -o "$out/" examples/讲话.docx examples/通知.txt
  "$luoshi" draft --units examples/units.csv --format docx -o "$out/" examples/讲话.docx examples/通知.txt
  echo "正在生成演示数据（约半分钟）… Telling the demo's story (about half a minute) ..."
  rm -rf "$data.new"
  "$BIN/python" -m examples.demo "$data.new"
  cp "$data.new/样例讲话.docx" "$out/"
  rm -f "$out/accounts.txt"
  mv "$data.new/accounts.txt" "$out/accounts.txt"
  mv "$data.new" "$data"
  cat "$out/accounts.txt"
elif [ ! -f "$out/accounts.txt" ]; then
  echo "这里的演示数据是旧版本的，请运行 make demo-reset · This demo is an older version's: make demo-reset" >&2
  exit 1
else
  echo "演示账号和密码：$out/accounts.txt（make demo-reset 重新生成）"
  echo "Accounts and their password: $out/accounts.txt (make demo-reset begins anew)"
fi
echo "任务分解表和样例讲话 Task tables and the sample speech: $out/"

[ "${SERVE:-yes}" = no ] || exec "$luoshi" serve --data "$data" --port "${PORT:-8000}" --open
