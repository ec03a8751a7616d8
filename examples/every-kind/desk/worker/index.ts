export default {
  async fetch(request: Request, env: Env) {
    return Response.json(await env.AI.run("@cf/baai/bge-m3", { text: await request.text() }));
  },
};
