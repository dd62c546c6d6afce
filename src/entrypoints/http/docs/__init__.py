"""The API's documentation: the OpenAPI document and two pages that show it without the internet."""
