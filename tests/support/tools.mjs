// Tools that tests offer to models.
export const weather = {
  tools: [
    {
      toolSpec: {
        name: 'get_weather',
        description: 'Gives the weather of a city',
        inputSchema: { json: { type: 'object', properties: { city: { type: 'string', description: 'the city' } }, required: ['city'] } },
      },
    },
  ],
};
