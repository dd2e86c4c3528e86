import type { Theme } from './lineStyle';

/** One chart of a picture with its title. */
export interface PicturePart {
  title: string;
  canvas: HTMLCanvasElement;
}

const margin = 16;
const titleHeight = 26;
const legendWidth = 130;

/** Charts one above the other with title and legend on the theme's background, as base64 of a PNG. */
export function pictureOf(
  title: string,
  parts: readonly PicturePart[],
  legend: readonly { name: string; color: string }[],
  theme: Theme,
): string {
  const scale = window.devicePixelRatio;
  const width = Math.max(...parts.map(({ canvas }) => canvas.clientWidth)) + 2 * margin;
  const columns = Math.max(1, Math.floor((width - 2 * margin) / legendWidth));
  const legendHeight = Math.ceil(legend.length / columns) * 18 + margin;
  const heights = parts.map(({ canvas }) => canvas.clientHeight + titleHeight);
  const height = heights.reduce((sum, part) => sum + part, margin + titleHeight + legendHeight);
  const target = document.createElement('canvas');
  target.width = width * scale;
  target.height = height * scale;
  const context = target.getContext('2d');
  if (context === null) return '';
  context.scale(scale, scale);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'top';
  context.fillStyle = theme.foreground;
  context.font = `600 15px ${theme.fontFamily}`;
  context.fillText(title, margin, margin);
  let top = margin + titleHeight;
  parts.forEach((part, index) => {
    context.fillStyle = theme.foreground;
    context.font = `12px ${theme.fontFamily}`;
    context.fillText(part.title, margin, top + 4);
    const { canvas } = part;
    context.drawImage(canvas, margin, top + titleHeight, canvas.clientWidth, canvas.clientHeight);
    top += heights[index] ?? 0;
  });
  legend.forEach(({ name, color }, index) => {
    const left = margin + (index % columns) * legendWidth;
    const row = top + 10 + Math.floor(index / columns) * 18;
    context.fillStyle = color;
    context.fillRect(left, row + 4, 14, 3);
    context.fillStyle = theme.foreground;
    context.fillText(name, left + 20, row);
  });
  return target.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
