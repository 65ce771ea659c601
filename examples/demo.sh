#!/bin/sh
# Drafts the task tables of the two example documents: on the screen, as a workbook and as a document.
set -eu
luoshi="${BIN:?}/luoshi"
out=build/demo
mkdir -p "$out"
COLUMNS="${COLUMNS:-120}"
export COLUMNS

"$luoshi" draft --units examples/units.csv examples/讲话.docx examples/通知.txt
"$luoshi" draft --units examples/units.csv --format xlsx -o "$out/" examples/讲话.docx examples/通知.txt
"$luoshi" draft --units examples/units.csv --format docx -o "$out/" examples/讲话.docx examples/通知.txt
echo
echo "$out:"
ls "$out"
