/** The files of a run's folder and the columns of its tables: written by the recorder, read by the ledger. */
export const RESULT_FILES = {
  orders: 'orders.csv',
  fills: 'fills.csv',
  funding: 'funding.csv',
  instruments: 'instruments.json',
  ledger: 'ledger.json',
  equity: 'equity.parquet',
  /** Written last: a folder without it is of a run that did not end. */
  summary: 'summary.json',
} as const

export const ORDER_COLUMNS = [
  'ts_ns',
  'venue_ts_ns',
  'event',
  'order_id',
  'instrument',
  'side',
  'price',
  'size',
  'leaves',
  'cum',
  'reason',
] as const

export const FILL_COLUMNS = [
  'ts_ns',
  'venue_ts_ns',
  'trade_id',
  'order_id',
  'instrument',
  'side',
  'price',
  'size',
  'liquidity',
  'fee',
  'fee_asset',
  'reduces',
] as const

export const FUNDING_COLUMNS = ['ts_ns', 'venue_ts_ns', 'instrument', 'amount', 'asset', 'position'] as const
