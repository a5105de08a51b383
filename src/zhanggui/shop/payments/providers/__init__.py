"""The adapters of the payment providers: each fills the port `rules.Provider` through the provider's own SDK.

Plugged in by `config.wiring`. None of them keeps anything; what goes over the network raises ProviderUnreachable.
"""
