/** The headers that say who asks. The value of each is `Token …`; none goes to presigned addresses and downloads. */
export const authHeaders = {
  token: 'Synapse-Access-Token',
  userToken: 'Authorization',
  tenant: 'Synapse-Tenant',
  agentToken: 'SYNAPSE-Agent',
} as const;
