// What a server set up by somebody would answer: a small support centre.
import { answer, collection, single } from './admin-support.mjs';

const office = [1, 2, 3, 4, 5].flatMap((day) => [
  { day, from: '08:00', to: '13:00' },
  { day, from: '14:00', to: '17:30' },
]);

export const desk = () =>
  answerAny('/departments/([^/]+)/desk', {
    assignment: 'least_loaded',
    accept_seconds: 45,
    queue_limit: 20,
    time_zone: 'Africa/Harare',
    hours: [...office, { day: 6, from: '09:00', to: '12:00' }],
    holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
    skills_required: ['scholarships'],
    full_answer_en: 'All our colleagues are busy. Please leave your number and we call you back today.',
    full_answer_ar: 'جميع زملائنا مشغولون. اترك رقمك وسنتصل بك اليوم.',
  });

/** Every match of the path reads and replaces the same value. */
function answerAny(path, value) {
  return answer(path, ({ method, body }) => {
    if (method === 'PUT') value = { ...value, ...body };
    return value;
  });
}

export const skills = () => single('/staff/[^/]+/skills', { skills: [{ skill: 'scholarships', level: 4 }, { skill: 'Shona', level: 5 }], weight: 2 });

export const categories = () =>
  collection('/categories', 'slug', [
    { slug: 'education_scholarship', name_en: 'Education and scholarships', name_ar: 'التعليم والمنح', department: 'sales', keywords_en: ['scholarship', 'school fees', 'documents'], keywords_ar: ['منحة', 'رسوم دراسية'] },
    { slug: 'complaint', name_en: 'Complaint', name_ar: 'شكوى', department: 'complaints', keywords_en: ['complaint', 'refund', 'angry'], keywords_ar: ['شكوى', 'استرداد'] },
    { slug: 'health', name_en: 'Health', name_ar: 'الصحة', department: null, keywords_en: [], keywords_ar: [] },
  ]);

export const team = () => [desk(), skills(), categories()];
