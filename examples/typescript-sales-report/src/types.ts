// What the shop's database hands over. All amounts are in cents.

export interface OrderLine {
  readonly price: number;
  readonly quantity: number;
}

export interface Order {
  readonly id: number;
  readonly email: string;
  readonly status: 'sent' | 'returned' | 'cancelled';
  readonly lines: readonly OrderLine[];
}

export interface Customer {
  readonly number: number;
  readonly name: string;
  readonly email: string;
  readonly region: string;
  /** Percent off everything. */
  readonly discount: number;
}

export interface ReportOptions {
  readonly title: string;
  /** How many customers the ranking shows. */
  readonly top: number;
}
