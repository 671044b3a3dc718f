import type { Contact } from '../../../../shared/api/desk.ts';
import { Paged } from '../../lib/paged.svelte.ts';

/** The list of customers by words, and by VIP. */
class Customers extends Paged<Contact> {
  q = $state('');
  vip = $state(false);

  constructor() {
    super('/contacts', () => ({ q: this.q.trim(), vip: this.vip || null }));
  }

  use(filters: { q: string; vip: boolean }): void {
    this.q = filters.q;
    this.vip = filters.vip;
    void this.load();
  }

  /** Shows a contact as it is now, where the list has it. */
  put(contact: Contact): void {
    this.rows = this.rows.map((row) => (row.contact_id === contact.contact_id ? contact : row));
  }

  override clear(): void {
    super.clear();
    this.q = '';
    this.vip = false;
  }
}

export const customers = new Customers();
