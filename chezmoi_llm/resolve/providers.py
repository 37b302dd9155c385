"""The providers that LiteLLM knows: what may stand before the slash of a cloud model, and its key."""

from __future__ import annotations

_NAMES = """
a2a a2a_agent abliteration ai21 ai21_chat aihubmix aiml aiohttp_openai amazon_nova anthropic
anthropic_text apertis assemblyai auto_router aws_polly aws_textract azure azure_ai azure_speech
azure_text baseten bedrock bedrock_mantle black_forest_labs bytez cerebras charity_engine chatgpt
chutes clarifai cloudflare codestral cognition cohere cohere_chat cometapi compactifai cortecs
crusoe cursor custom custom_openai darkbloom dashscope databricks datarobot deepgram deepinfra
deepseek docker_model_runner dotprompt edenai elevenlabs empiriolabs empower fal_ai featherless_ai
fireworks_ai friendliai galadriel gdc gemini gigachat github github_copilot gmi gradient_ai groq
helicone heroku hosted_vllm huggingface humanloop hyperbolic inception infinity jina_ai lambda_ai
langflow langfuse langgraph lemonade libertai litellm_agent litellm_proxy llamafile llamagate
lm_studio manus maritalk meta meta_llama milvus minimax mistral modelscope mongodb moonshot morph
nadir nano-gpt nebius neosantara nlp_cloud novita nscale nvidia_nim nvidia_riva oci ollama
ollama_chat oobabooga openai openai_like openrouter ovhcloud parasail perplexity petals pg_vector
pinstripes poe predibase prism publicai qwen_ai_platform qwencloud ragflow recraft reducto reka
replicate runwayml s3_vectors sagemaker sagemaker_chat sagemaker_nova sail sambanova sap sarvam
scaleway scx-ai snowflake soniox stability strands_decider synthetic tencent tensormesh
text-completion-codestral text-completion-inception text-completion-openai together_ai topaz
transcribe triton typesafe v0 valkey veniceai vercel_ai_gateway vertex_ai vertex_ai_beta vllm
volcengine voyage wandb watsonx watsonx_text xai xiaomi_mimo xinference zai
"""

PROVIDERS = tuple(_NAMES.split())
"""Source: LiteLLM 1.106.2, LlmProviders in types/utils.py and llms/openai_like/providers.json."""

KEYS = {
    "ai21_chat": "AI21_API_KEY",
    "aiohttp_openai": "OPENAI_API_KEY",
    "anthropic_text": "ANTHROPIC_API_KEY",
    "apertis": "STIMA_API_KEY",
    "azure_text": "AZURE_API_KEY",
    "bedrock": "AWS_BEARER_TOKEN_BEDROCK",
    "cohere_chat": "COHERE_API_KEY",
    "custom_openai": "OPENAI_API_KEY",
    "datarobot": "DATAROBOT_API_TOKEN",
    "lambda_ai": "LAMBDA_API_KEY",
    "meta_llama": "LLAMA_API_KEY",
    "nano-gpt": "NANOGPT_API_KEY",
    "perplexity": "PERPLEXITYAI_API_KEY",
    "scaleway": "SCW_SECRET_KEY",
    "scx-ai": "SCX_API_KEY",
    "snowflake": "SNOWFLAKE_JWT",
    "tensormesh": "TENSORMESH_INFERENCE_API_KEY",
    "text-completion-codestral": "CODESTRAL_API_KEY",
    "text-completion-inception": "INCEPTION_API_KEY",
    "text-completion-openai": "OPENAI_API_KEY",
    "together_ai": "TOGETHERAI_API_KEY",
    "veniceai": "VENICE_AI_API_KEY",
    "watsonx_text": "WATSONX_API_KEY",
}
"""Where LiteLLM's variable is not PROVIDER_API_KEY. Source: the strings of LiteLLM 1.106.2.

Bedrock's are two variables there, but LiteLLM sends the ``api_key`` that it is given as a token.
"""

OPENAI = frozenset({"aiohttp_openai", "custom_openai", "openai", "openai_like", "text-completion-openai"})
"""Providers that mean OpenAI's API, whoever serves it; LiteLLM falls back on OpenAI's own key."""

KEYLESS = frozenset(
    {
        *("chatgpt", "github_copilot"),
        *("oci", "sagemaker", "sagemaker_chat", "sagemaker_nova", "vertex_ai", "vertex_ai_beta"),
        *("docker_model_runner", "hosted_vllm", "llamafile", "lm_studio"),
        *("ollama", "ollama_chat", "oobabooga", "petals", "triton", "vllm"),
    }
)
"""Providers that ask for no key: they log in otherwise, or are servers of the person's own."""


def key_of(provider: str) -> str:
    """Return the variable in which LiteLLM looks for the key of a provider, or nothing."""
    if provider in KEYLESS:
        return ""
    return KEYS.get(provider, f"{provider.replace('-', '_').upper()}_API_KEY")
