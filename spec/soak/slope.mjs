/** The slope of the straight line that is nearest to `points` (least squares). */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [0, 1].map((axis) => mean(points.map((point) => point[axis])));
  const top = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  const bottom = points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
  return top / bottom;
}
