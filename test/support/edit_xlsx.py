# Opens a spreadsheet with openpyxl, does one thing to it and saves it, as a person with a spreadsheet program would; several in one go.
# usage: edit_xlsx.py SOURCE, and on stdin a JSON list of [TARGET, WHAT, ...]:
# save | line-ends | set PAGE CELL TEXT | number PAGE CELL NUMBER | form PAGE CELL CODE | from-1904 | colour-form PAGE | delete-row PAGE ROW | insert-row PAGE ROW | swap-rows PAGE A B | drop-page PAGE | add-page PAGE
import json
import sys
import warnings

import openpyxl
import openpyxl.formatting.rule
import openpyxl.styles
import openpyxl.utils.datetime

warnings.simplefilter("ignore")


def edit(book, what, rest):
    if what == "set":
        page, cell, text = rest
        book[page][cell].value = text
    elif what == "number":
        page, cell, number = rest
        book[page][cell].value = number
    elif what == "form":
        page, cell, code = rest
        book[page][cell].number_format = code
    elif what == "from-1904":
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    elif what == "colour-form":
        font = openpyxl.styles.Font(color="FFFFFFFF")
        book[rest[0]].conditional_formatting.add("A1:H99", openpyxl.formatting.rule.FormulaRule(formula=["TRUE"], font=font))
    elif what == "delete-row":
        book[rest[0]].delete_rows(rest[1])
    elif what == "insert-row":
        page, row = book[rest[0]], rest[1]
        values = [cell.value for cell in page[row]]
        page.insert_rows(row)
        for column, value in enumerate(values, start=1):
            page.cell(row, column).value = value
    elif what == "swap-rows":
        page, a, b = book[rest[0]], rest[1], rest[2]
        for column in range(1, page.max_column + 1):
            first, second = page.cell(a, column), page.cell(b, column)
            first.value, second.value = second.value, first.value
    elif what == "drop-page":
        del book[rest[0]]
    elif what == "line-ends":
        # As LibreOffice saves a text with CR LF.
        for page in book:
            for cells in page.iter_rows():
                for cell in cells:
                    if isinstance(cell.value, str) and "\r\n" in cell.value.replace("_x000D_", "\r"):
                        cell.value = cell.value.replace("_x000D_", "\r").replace("\r\n", "\n")
    elif what == "add-page":
        book.create_sheet(rest[0])["A1"].value = "thêm"
    elif what != "save":
        raise SystemExit("not understood: " + what)


for target, what, *rest in json.load(sys.stdin):
    book = openpyxl.load_workbook(sys.argv[1])
    edit(book, what, rest)
    book.save(target)
