"""The application export as files: tables and a workbook, a PDF, and one archive of everything."""
