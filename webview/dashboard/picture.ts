import type { Theme } from './lineStyle';
import type { Plot } from './plot';

/** One chart of a picture with its title. */
export interface PicturePart {
  title: string;
  chart: Plot;
}

const margin = 16;
const titleHeight = 26;
const legendWidth = 130;
/** The same on every screen: sharp on paper and slides, however narrow the page is. */
const width = 1200;
const chartHeight = 380;
const ratio = 2;

/** Charts one above the other with title and legend on the theme's background, as base64 of a PNG. */
export function pictureOf(
  title: string,
  parts: readonly PicturePart[],
  legend: readonly { name: string; color: string }[],
  theme: Theme,
): string {
  const columns = Math.max(1, Math.floor((width - 2 * margin) / legendWidth));
  const legendHeight = Math.ceil(legend.length / columns) * 18 + margin;
  const partHeight = titleHeight + chartHeight;
  const height = margin + titleHeight + parts.length * partHeight + legendHeight;
  const target = document.createElement('canvas');
  target.width = width * ratio;
  target.height = height * ratio;
  const context = target.getContext('2d');
  if (context === null) return '';
  context.scale(ratio, ratio);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'top';
  context.fillStyle = theme.foreground;
  context.font = `600 15px ${theme.fontFamily}`;
  context.fillText(title, margin, margin);
  let top = margin + titleHeight;
  for (const { title: name, chart } of parts) {
    context.fillStyle = theme.foreground;
    context.font = `12px ${theme.fontFamily}`;
    context.fillText(name, margin, top + 4);
    const area = { left: margin, top: top + titleHeight, width: width - 2 * margin, height: chartHeight };
    chart.paint(context, area, ratio);
    top += partHeight;
  }
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
