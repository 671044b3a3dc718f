import type { Alert } from '../../../../shared/live/frames.ts';

/** [start s, frequency Hz, length s] of each note. Urgent is heard as urgent: higher, faster, three times. */
const tunes: Record<Alert['level'], readonly (readonly [number, number, number])[]> = {
  waiting: [
    [0, 659.25, 0.16],
    [0.14, 880, 0.3],
  ],
  urgent: [
    [0, 880, 0.14],
    [0.16, 1174.66, 0.14],
    [0.4, 880, 0.14],
    [0.56, 1174.66, 0.14],
    [0.8, 880, 0.14],
    [0.96, 1174.66, 0.26],
  ],
};

let context: AudioContext | null = null;

/** Plays an alert, synthesised so that no file has to be fetched. False when the browser blocks sound. */
export async function play(level: Alert['level'], volume: number): Promise<boolean> {
  context ??= new AudioContext();
  if (context.state !== 'running') {
    // Without a gesture of the user, resume() may stay pending for ever instead of failing.
    await Promise.race([context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 300))]);
  }
  if (context.state !== 'running') return false;
  for (const [start, frequency, length] of tunes[level]) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const at = context.currentTime + 0.02 + start;
    oscillator.type = 'sine';
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(volume, at + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + length + 0.05);
  }
  return true;
}
