import { encode } from "uqr";

// Scanners need this much white around it.
const BORDER = 4;

/** A text as a picture for cameras; drawn here, as the policy allows neither foreign nor inline images. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: BORDER });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="qr" shapeRendering="crispEdges">
      <path d={squares.join("")} fill="black" />
    </svg>
  );
}
