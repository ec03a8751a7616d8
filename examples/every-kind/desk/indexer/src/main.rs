use hf_hub::api::sync::Api;

fn main() {
    let api = Api::new().unwrap();
    let repo = api.model("sentence-transformers/all-MiniLM-L12-v2".to_string());
    repo.get("model.safetensors").unwrap();
}
