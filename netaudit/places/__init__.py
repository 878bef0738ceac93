"""The camera schedule and its records as people edit them: out to a workbook or CSV, in again without loss."""
