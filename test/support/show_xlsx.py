# What a person with a spreadsheet program sees of some pages: JSON of each page's lines, each cell as [type, value, form].
# usage: show_xlsx.py SOURCE PAGE ...
import json
import sys
import warnings

import openpyxl

warnings.simplefilter("ignore")
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({
    page: [[[type(cell.value).__name__, str(cell.value), cell.number_format] for cell in row] for row in book[page].iter_rows()]
    for page in sys.argv[2:]
}))
