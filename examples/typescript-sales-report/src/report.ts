// The monthly sales report of a mail-order shop, as text for the back office.

import { money } from './money.ts';
import type { Customer, Order, ReportOptions } from './types.ts';

interface Account {
  readonly number: number;
  readonly name: string;
  readonly region: string;
  readonly total: number;
  readonly orders: number;
  readonly largest: number;
}

/**
 * Joins the month's orders to the customers and lists the best customers with their share,
 * then the regions, then what could not be booked.
 */
// sigil: improve
export function salesReport(orders: readonly Order[], customers: readonly Customer[], options: ReportOptions): string {
  let accounts: Record<string, Account> = {};
  const problems: string[] = [];
  let grandTotal = 0;

  for (const order of orders) {
    if (order.status === 'cancelled') continue;

    const customer = customers.find((c) => c.email === order.email);
    if (!customer) {
      problems.push(`Order ${order.id}: no customer ${order.email}`);
      continue;
    }

    let total = 0;
    for (const line of order.lines) {
      // from ten pieces on, 5 % less
      const price = line.quantity >= 10 ? Math.round(line.price * 0.95) : line.price;
      total += price * line.quantity;
    }
    if (customer.discount > 0) {
      total -= Math.round((total * customer.discount) / 100);
    }
    if (order.status === 'returned') total = -total;

    const account = accounts[customer.email];
    accounts = {
      ...accounts,
      [customer.email]: {
        number: customer.number,
        name: customer.name,
        region: customer.region,
        total: (account?.total ?? 0) + total,
        orders: (account?.orders ?? 0) + 1,
        largest: Math.max(account?.largest ?? 0, total),
      },
    };
    grandTotal += total;
  }

  const ranking = Object.values(accounts).sort((a, b) => b.total - a.total || a.number - b.number);

  let text = `${options.title}\n${'='.repeat(options.title.length)}\n\n`;
  for (const [i, account] of ranking.slice(0, options.top).entries()) {
    const share = grandTotal === 0 ? 0 : (account.total / grandTotal) * 100;
    text += `${String(i + 1).padStart(4)}. ${account.name.padEnd(24)} ${account.region.padEnd(6)}`;
    text += ` ${String(account.orders).padStart(4)} ${money(account.largest).padStart(12)} ${money(account.total).padStart(14)} ${share.toFixed(1).padStart(5)} %\n`;
  }

  const regions = new Map<string, number>();
  for (const account of ranking) {
    regions.set(account.region, (regions.get(account.region) ?? 0) + account.total);
  }
  text += '\n';
  for (const [region, total] of regions) {
    text += `${region.padEnd(10)} ${money(total).padStart(14)}\n`;
  }

  text += `\nTotal ${money(grandTotal)} in ${ranking.length} accounts\n`;
  for (const problem of problems) {
    text += `! ${problem}\n`;
  }
  return text;
}
