import { MODELS } from "./models";

interface Props {
  value: string;
  onChange: (model: string) => void;
}

export function ModelPicker({ value, onChange }: Props) {
  return (
    <select value={value} onChange={(event) => onChange(event.target.value)}>
      {MODELS.map((model) => (
        <option key={model.id} value={model.id}>
          {model.label} ({model.vendor})
        </option>
      ))}
    </select>
  );
}
