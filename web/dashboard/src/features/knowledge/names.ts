import type { ArticleStatus, FlagKind } from '../../../../shared/api/knowledge.ts';
import { i18n } from '../../lib/i18n.svelte.ts';

export const statuses: readonly ArticleStatus[] = ['draft', 'published', 'archived'];
export const flagKinds: readonly FlagKind[] = ['outdated', 'wrong', 'missing'];
export const tone: Record<ArticleStatus, string> = { draft: 'warn', published: 'ok', archived: '' };

/** Scenarios and categories that are shipped; what a team adds itself is shown as it was written. */
const arabic: Record<string, string> = {
  charity: 'مؤسسة خيرية',
  ecommerce: 'متجر إلكتروني',
  saas: 'برمجيات',
  services: 'خدمات',
  education_scholarship: 'المنح الدراسية',
  medical_assistance: 'المساعدة الطبية',
  goodsam: 'السامري الصالح',
  community_project: 'المشاريع المجتمعية',
  status_check: 'حالة الطلب',
  contact: 'التواصل',
  complaints: 'الشكاوى',
  donations: 'التبرعات',
  orders: 'الطلبات',
  delivery: 'التوصيل',
  returns: 'الإرجاع',
  payment: 'الدفع',
  account: 'الحساب',
  api: 'الواجهة البرمجية',
  billing: 'الفوترة',
  integrations: 'التكاملات',
  data: 'البيانات',
  technical: 'الدعم الفني',
  booking: 'الحجز',
  prices: 'الأسعار',
  visiting: 'الزيارة',
};
const english: Record<string, string> = { saas: 'SaaS', api: 'API', ecommerce: 'E-commerce', goodsam: 'GoodSam' };

export function nameOf(slug: string): string {
  if (i18n.language === 'ar') return arabic[slug] ?? slug;
  const words = slug.replaceAll(/[_-]/g, ' ');
  return english[slug] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
