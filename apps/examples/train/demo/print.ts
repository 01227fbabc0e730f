import { styleText } from 'node:util';

const isColourful = process.stdout.isTTY && !process.env['NO_COLOR'];

export function bold(text: string): string {
  return isColourful ? styleText('bold', text) : text;
}

export function heading(text: string): void {
  console.log(`\n${bold(`── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}`)}`);
}
