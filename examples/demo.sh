#!/bin/sh
# Shows the product: task tables drafted from the example documents, then a county at work, opened in the browser.
# PORT=8010 chooses another port; SERVE=no stops before the server starts.
set -eu
luoshi="${BIN:?}/luoshi"
out=build/demo
data="$out/data"
mkdir -p "$out"

"$luoshi" draft --units examples/units.csv --format xlsx -o "$out/" examples/讲话.docx examples/通知.txt
"$luoshi" draft --units examples/units.csv --format docx -o "$out/" examples/讲话.docx examples/通知.txt
printf '任务分解表 Task tables:'
printf ' %s' "$out"/*.xlsx "$out"/*.docx
echo

# The story is told into a folder of its own first, so that an interrupted one never passes for a whole one.
if [ ! -d "$data" ]; then
  echo "正在生成演示数据（约十几秒）… Telling the demo's story (some seconds) ..."
  rm -rf "$data.new"
  "$BIN/python" examples/demo.py "$data.new"
  mv "$data.new" "$data"
fi
cat <<'ACCOUNTS'
演示账号，密码都是 luoshi-Demo-2026 · Demo accounts, one password for all:
  duban 督办员 supervisor · juzhang 局长 leader · fenguan 分管副局长（包片）deputy leader of an area
  jijiao 股长 head of a department · jijiao1 经办人 officer · chengdong 校长 head of a school
  xitong 系统管理员 · anquan 安全管理员 · shenji 审计管理员 administrators · jijian 纪检 discipline
ACCOUNTS

[ "${SERVE:-yes}" = no ] || exec "$luoshi" serve --data "$data" --port "${PORT:-8000}" --open
